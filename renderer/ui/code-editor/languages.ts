import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage } from '@codemirror/language';
import { nginx } from '@codemirror/legacy-modes/mode/nginx';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import type { Extension } from '@codemirror/state';
import type { FileLanguage } from '#shared/lib/file-language.ts';

/** What colours a language's text; nothing for plain text. */
export function languageSupport(language: FileLanguage): Extension {
  switch (language) {
    case 'yaml':
      return yaml();
    case 'json':
      return json();
    case 'toml':
      return StreamLanguage.define(toml);
    case 'shell':
      return StreamLanguage.define(shell);
    case 'nginx':
      return StreamLanguage.define(nginx);
    case 'unit':
    case 'network':
    case 'netdev':
    case 'link':
    case 'journald':
    case 'resolved':
    case 'timesyncd':
    case 'logind':
    case 'networkd':
    case 'manager':
    case 'settings':
      return StreamLanguage.define(properties);
    case 'plain':
      return [];
    default:
      return language satisfies never;
  }
}
