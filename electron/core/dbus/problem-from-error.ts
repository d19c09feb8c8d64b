import { fail, type ProblemCode, type ProblemError } from '#shared/contract/problem.ts';

const codes: Readonly<Record<string, ProblemCode>> = {
  'org.freedesktop.DBus.Error.AccessDenied': 'permission',
  'org.freedesktop.DBus.Error.AuthFailed': 'permission',
  'org.freedesktop.DBus.Error.InteractiveAuthorizationRequired': 'permission',
  'org.freedesktop.DBus.Error.ServiceUnknown': 'not-found',
  'org.freedesktop.DBus.Error.NameHasNoOwner': 'not-found',
  'org.freedesktop.DBus.Error.FileNotFound': 'not-found',
  'org.freedesktop.systemd1.NoSuchUnit': 'not-found',
  'org.freedesktop.systemd1.NoSuchJob': 'not-found',
  'org.freedesktop.DBus.Error.UnknownObject': 'unsupported',
  'org.freedesktop.DBus.Error.UnknownInterface': 'unsupported',
  'org.freedesktop.DBus.Error.UnknownMethod': 'unsupported',
  'org.freedesktop.DBus.Error.UnknownProperty': 'unsupported',
  'org.freedesktop.DBus.Error.NotSupported': 'unsupported',
  'org.freedesktop.DBus.Error.InvalidArgs': 'invalid-input',
  'org.freedesktop.DBus.Error.NoReply': 'timeout',
  'org.freedesktop.DBus.Error.Timeout': 'timeout',
  'org.freedesktop.DBus.Error.TimedOut': 'timeout',
  'org.freedesktop.DBus.Error.LimitsExceeded': 'busy',
  'org.freedesktop.DBus.Error.Disconnected': 'lost',
};

/** The ProblemError for a D-Bus error reply; an error name that is not known here is `refused`, with its name shown. */
export function problemFromError(name: string, text: string): ProblemError {
  const code = codes[name];
  return code ? fail(code, text || name) : fail('refused', text ? `${name}: ${text}` : name);
}
