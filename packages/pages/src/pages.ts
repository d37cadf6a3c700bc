export { addressOf } from './address.ts';
export { type Assets, serveAssets } from './assets.ts';
export { type ChosenLanguage, chooseLanguage, languages, type Reader } from './languages.ts';
export { type Place, pathOf, placeOf } from './place.ts';
export { type Refusal, refusalAsJson, refusalOf } from './refusal.ts';
export type { Texts } from './texts.ts';
export { createViews, type Views } from './views.ts';
export { type Visit, visitOf } from './visit.ts';
