const VOICED: Record<string, string> = {
  カ: 'ガ', キ: 'ギ', ク: 'グ', ケ: 'ゲ', コ: 'ゴ', サ: 'ザ', シ: 'ジ', ス: 'ズ', セ: 'ゼ', ソ: 'ゾ', タ: 'ダ', チ: 'ヂ', ツ: 'ヅ',
  テ: 'デ', ト: 'ド', ハ: 'バ', ヒ: 'ビ', フ: 'ブ', ヘ: 'ベ', ホ: 'ボ', ウ: 'ヴ',
}
const HALF_VOICED: Record<string, string> = { ハ: 'パ', ヒ: 'ピ', フ: 'プ', ヘ: 'ペ', ホ: 'ポ' }
const HALF = 'ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ'
const FULL = 'ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン'

/** A name in full-width katakana with one full-width space, from half-width kana or hiragana. */
export function fullKana(text: string): string {
  const full = text
    .replace(/[ｦ-ﾝ]/g, (half) => FULL[HALF.indexOf(half)] ?? half)
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replace(/(.)[ﾞ゛\u3099]/g, (both, kana: string) => VOICED[kana] ?? both)
    .replace(/(.)[ﾟ゜\u309a]/g, (both, kana: string) => HALF_VOICED[kana] ?? both)
  return oneSpace(full)
}

/** A name as it was typed, 髙 and 﨑 and variation selectors included, with one full-width space between its parts. */
export function oneSpace(text: string): string {
  return text.trim().replace(/[\s　]+/g, '　')
}
