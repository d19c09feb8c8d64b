# quarterdeck kubernetes-marks 1: what Kubernetes says of the node that this host is; $1 is "sudo" where root's rights cost no question, else "plain".
# Raw requests look nothing up first, and so leave no cache behind.
LC_ALL=C
export LC_ALL
marks='
config=$1
PATH=$PATH:/usr/local/bin:/opt/bin
soon=
command -v timeout >/dev/null 2>&1 && soon="timeout 10"
if [ "$config" = find ]; then
  config=
  for file in /etc/kubernetes/kubelet.conf /var/lib/kubelet/kubeconfig /etc/kubernetes/kubeconfig; do
    if [ -z "$config" ] && [ -r "$file" ]; then config=$file; fi
  done
  [ -n "$config" ] || exit 0
fi
echo "== found"
echo "config=$config"
if ! command -v kubectl >/dev/null 2>&1; then echo "kubectl=no"; exit 0; fi
name=$(uname -n | tr A-Z a-z)
for pid in $(pidof kubelet 2>/dev/null | head -c 100); do
  other=$(tr "\0" "\n" <"/proc/$pid/cmdline" 2>/dev/null | sed -n "s/^--hostname-override=//p" | head -n 1)
  [ -n "$other" ] && name=$other
done
case $name in *[!a-z0-9.-]*) exit 0 ;; esac
echo "name=$name"
ask() { $soon kubectl ${config:+--kubeconfig="$config"} --request-timeout=8s get --raw "$1" </dev/null; }
echo "== node"
{ error=$(ask "/api/v1/nodes/$name" 2>&1 >&3 | head -c 400); } 3>&1
echo
echo "== node-error"
echo "$error"
for space in kube-system kured; do
  echo "== kured"
  { error=$(ask "/apis/apps/v1/namespaces/$space/daemonsets/kured" 2>&1 >&3 | head -c 400); } 3>&1
  echo
  [ -z "$error" ] && break
done
echo "== kured-error"
echo "$error"
'
if [ "$1" = sudo ]; then found=$(timeout 45 sudo -n /bin/sh -c "$marks" quarterdeck-kubernetes-marks find </dev/null 2>/dev/null | head -c 380000)
else found=$(/bin/sh -c "$marks" quarterdeck-kubernetes-marks find </dev/null 2>/dev/null | head -c 380000)
fi
if [ -z "$found" ] && [ -r "$HOME/.kube/config" ]; then
  found=$(/bin/sh -c "$marks" quarterdeck-kubernetes-marks "$HOME/.kube/config" </dev/null 2>/dev/null | head -c 380000)
fi
[ -n "$found" ] && printf '%s\n' "$found"
echo '== end'
