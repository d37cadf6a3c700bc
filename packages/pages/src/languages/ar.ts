import type { Texts } from '../texts.ts';

// servers and browsers disagree on the usual digits of "ar"
const number = new Intl.NumberFormat('ar-u-nu-latn');
const list = new Intl.ListFormat('ar');
const plural = new Intl.PluralRules('ar');
const quoted = (label: string) => `«\u2068${label}\u2069»`;

function count(votes: number): string {
  if (votes === 0) return 'لا أصوات';
  if (votes === 1) return 'صوت واحد';
  if (votes === 2) return 'صوتان';
  const nouns: Partial<Record<Intl.LDMLPluralRule, string>> = { few: 'أصوات', many: 'صوتًا' };
  return `${number.format(votes)} ${nouns[plural.select(votes)] ?? 'صوت'}`;
}

function duration(seconds: number): string {
  if (seconds === 1) return 'ثانية واحدة';
  if (seconds === 2) return 'ثانيتين';
  return `${number.format(seconds)} ${plural.select(seconds) === 'few' ? 'ثوانٍ' : 'ثانية'}`;
}

export const texts: Texts = {
  tag: 'ar',
  name: 'العربية',
  direction: 'rtl',
  languages: 'اللغة',
  percent: (whole) => `${whole}%`,
  vote: {
    title: (question) => `${question} – تصويت`,
    choose: 'اختر خيارًا واحدًا. يمكنك تغييره لاحقًا: يُحتسب اختيارك الأخير.',
    sending: (label) => `جارٍ إرسال صوتك لـ${quoted(label)} …`,
    counted: (label) => `لقد صوّتّ لـ${quoted(label)}. صوتك محسوب، ويمكنك تغييره.`,
    noConnection: 'لا يوجد اتصال: تعذّر تأكيد صوتك. حاول مرة أخرى؛ يُحتسب صوتك مرة واحدة فقط.',
    again: 'حاول مرة أخرى',
    letterKeys: 'التصويت بمفاتيح الحروف',
    results: 'عرض النتائج',
    back: 'العودة إلى التصويت',
    closed: 'انتهى التصويت.',
    closedWith: (label) => `انتهى التصويت. لقد صوّتَّ لـ${quoted(label)}، وصوتك محسوب.`,
    notOpen: 'لم يبدأ التصويت بعد. ستتغير هذه الصفحة من تلقاء نفسها عندما يبدأ.',
    waiting: 'التصويت',
    nothingOn: 'لا يوجد ما يُصوَّت عليه الآن',
    follows: 'سيظهر السؤال التالي هنا من تلقاء نفسه.',
    behind: 'لا أخبار من التصويت الآن. قد يكون السؤال المعروض سؤالًا سابقًا.',
    code: 'الرمز الظاهر على الشاشة',
    join: 'انضمام',
  },
  result: {
    title: (question) => `${question} – النتائج`,
    option: 'الخيار',
    votes: 'الأصوات',
    share: 'النسبة',
    count,
    total: (votes) => `المجموع: ${count(votes)}`,
    noVotes: 'لا توجد أصوات بعد',
    ahead: (label) => `في المقدمة: ${quoted(label)}`,
    tie: (labels) => `تعادل: ${list.format(labels.map(quoted))}`,
    tieOfMany: (options) => `تعادل بين الخيارات، وعددها ${options}`,
    won: (label) => `الفائز: ${quoted(label)}`,
    final: 'النتيجة النهائية',
    closing: (pending) =>
      `انتهى التصويت. ${pending > 0 ? `ما زال يُعدّ: ${count(pending)}.` : 'تُعدّ الأصوات الأخيرة.'}`,
    reopened: 'فُتح من جديد: كانت النتيجة نهائية من قبل.',
    whenClosed: 'تظهر أصوات كل خيار عندما ينتهي التصويت.',
    hostOnly: 'أصوات كل خيار يراها المضيف وحده.',
    nothing: 'لا تصويت الآن',
    back: 'إلى النتائج',
    connecting: 'جارٍ الاتصال …',
    live: 'مباشر',
    delayed: (seconds, pending) =>
      `العدّ متأخر ${duration(seconds)}${pending > 0 ? `، وفي الانتظار ${count(pending)}` : ''}`,
    down: 'توقّف العدّ. قد تكون الأرقام المعروضة قديمة.',
    reconnecting: 'جارٍ إعادة الاتصال. قد تكون الأرقام المعروضة قديمة.',
    lately: (minutes, most, seconds) =>
      `الأصوات الجديدة في آخر ${minutes} دقائق${most > 0 ? `، بحد أقصى ${number.format(most)} كل ${seconds} ثوانٍ` : ''}`,
    vote: 'التصويت',
    present: 'عرض على الشاشة',
    leave: 'الخروج من هذا العرض',
    fullScreen: 'ملء الشاشة',
    scan: 'صوّت بهاتفك',
    qrCode: (address) => `رمز QR للعنوان \u2068${address}\u2069`,
  },
  refusals: {
    option_missing: 'اختر خيارًا واحدًا فقط.',
    option_unknown: 'لا يوجد هذا الخيار في هذا التصويت. أعد تحميل الصفحة واختر من جديد.',
    poll_changed: 'تغيّر السؤال منذ أن فتحت الصفحة. لم يُحتسب صوتك: اختر من جديد.',
    poll_unknown: 'لا وجود لهذا التصويت، أو لم يعد موجودًا. لم يُحتسب أي صوت.',
    poll_not_open: 'لم يبدأ التصويت بعد. لم يُحتسب صوتك: عُد عندما يُفتح.',
    poll_closed: 'انتهى التصويت. وصل صوتك متأخرًا ولم يُحتسب؛ ويبقى ما اخترته من قبل محسوبًا.',
    body_malformed: 'تعذّرت قراءة الطلب.',
    body_too_large: 'الطلب أكبر مما يمكن أن يكون عليه صوت (1 كيبيبايت).',
    media_type_unsupported: 'يُرسل الصوت كنموذج أو بصيغة JSON.',
    cross_site: 'جاء الصوت من موقع آخر ولم يُقبل. صوّت في صفحة التصويت نفسها.',
    too_many_requests: 'أصوات كثيرة من هذا العنوان. انتظر لحظة ثم صوّت مرة أخرى.',
    too_many_voters: 'جاء عدد كبير من المصوّتين الجدد من هذا العنوان. صوّت من شبكة أخرى أو حاول لاحقًا.',
    room_unknown: 'لا توجد غرفة بهذا الرمز. انظر إلى الشاشة مرة أخرى واكتب ما هو مكتوب فيها.',
    queue_full: 'لم يُحتسب صوتك: هناك أصوات كثيرة في الانتظار. حاول مرة أخرى بعد ثوانٍ.',
    queue_unavailable: 'تعذّر تأكيد صوتك. حاول مرة أخرى بعد ثوانٍ؛ إعادة التصويت آمنة ولا يُحتسب إلا صوت واحد.',
    store_unavailable: 'لا يمكن قراءة النتائج الآن. حاول مرة أخرى بعد بضع ثوانٍ.',
    not_found: 'لا توجد صفحة كهذه.',
    method_not_allowed: 'لا يقبل هذا العنوان هذا النوع من الطلبات.',
    request_invalid: 'تعذّر فهم الطلب.',
    unexpected: 'حدث خطأ من جانبنا. حاول مرة أخرى.',
  },
};
