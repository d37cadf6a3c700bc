import { followRoom } from './following.ts';

followRoom(() => document.activeElement instanceof HTMLInputElement && document.activeElement.value !== '');
