import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/blocks.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startConsole } from './app/start-console.ts';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App console={startConsole(window)} />);
