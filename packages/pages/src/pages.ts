export { addressOf } from './address.ts';
export { type Assets, serveAssets } from './assets.ts';
export { createViews, type Views } from './views.ts';
