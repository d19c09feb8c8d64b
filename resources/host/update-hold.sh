# quarterdeck update-hold 1: holds a release back on this host, or lifts that. Words: "hold" or "lift", agent, release, who.
# No agent can refuse one release, so while any is held its own switch is off: SERVER=disabled in update.conf, a drop-in
# of Zincati, or the masked timer of bootc. What stood there before is kept, and put back with the last hold.
LC_ALL=C
export LC_ALL
umask 022
die() { echo "$1" >&2; exit 1; }
base=/var/lib/quarterdeck
holds=$base/holds
before=$base/holds-before
dropin=/etc/zincati/config.d/95-quarterdeck-hold.toml
timer=bootc-fetch-apply-updates.timer
conf=/etc/flatcar/update.conf
if grep -q '^ID="\{0,1\}coreos"\{0,1\}$' /etc/os-release; then conf=/etc/coreos/update.conf; fi
put_conf() {
  # $1 are the lines of SERVER that are to stand there.
  real=$conf
  if [ -e "$conf" ]; then real=$(readlink -f "$conf"); fi
  new=$real.quarterdeck
  if [ -e "$real" ]; then cp -p "$real" "$new" || die "$real cannot be written"; fi
  { if [ -e "$real" ]; then grep -v '^SERVER=' "$real"; fi
    if [ -n "$1" ]; then printf '%s\n' "$1"; fi; } >"$new" && mv -f "$new" "$real" || { rm -f "$new"; die "$real cannot be written"; }
}
if [ "$1" = hold ]; then
  mkdir -p "$holds" && chmod 711 "$base" || die "$holds cannot be written"
  printf '%s %s\n' "$(date +%s)" "$4" >"$holds/$3" || die "$holds cannot be written"
  if [ ! -e "$before" ]; then
    case $2 in
      update-engine)
        kept=
        if [ -e "$conf" ]; then kept=$(grep '^SERVER=' "$conf"); fi
        printf '%s\n' "$kept" >"$before" || die "$before cannot be written"
        put_conf SERVER=disabled ;;
      rpm-ostree)
        mkdir -p "${dropin%/*}" && printf '# quarterdeck: a release is held\n[updates]\nenabled = false\n' >"$dropin" ||
          die "$dropin cannot be written"
        : >"$before"
        systemctl try-restart zincati.service || die 'zincati.service did not start again' ;;
      bootc)
        systemctl is-active "$timer" >"$before"
        systemctl mask --now "$timer" || die "$timer was not masked" ;;
    esac
  fi
  if [ "$2" = update-engine ]; then
    # A download under way goes on with what it was offered.
    case $(update_engine_client -status 2>/dev/null) in
      *_CHECKING* | *_AVAILABLE* | *_DOWNLOADING* | *_VERIFYING* | *_FINALIZING*) systemctl try-restart update-engine.service ;;
    esac
  fi
  echo "$3 is held back"
else
  [ -e "$holds/$3" ] || die "$3 is not held back"
  rm -f "$holds/$3"
  if rmdir "$holds" 2>/dev/null; then
    case $2 in
      update-engine)
        # Whoever wrote another server meanwhile meant it.
        if [ -e "$before" ] && grep -q '^SERVER=disabled$' "$conf"; then put_conf "$(cat "$before")"; fi ;;
      rpm-ostree)
        rm -f "$dropin"
        systemctl try-restart zincati.service ;;
      bootc)
        systemctl unmask "$timer"
        if grep -q '^active' "$before"; then systemctl start "$timer"; fi ;;
    esac
    rm -f "$before"
    echo "$3 is no longer held back"
  else
    echo "$3 is no longer held back; others are"
  fi
fi
