/** Characters that are not seen or change how others are: controls, directions, joiners, tags, halves of pairs, towers of marks. */
const unseen =
  /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|[\u115f\u1160\u3164\uffa0]|(?<=\p{M}{3})\p{M}/gu;

/** The text with what cannot be seen written out (`\u202e`), so that it reads as it is; line ends stay where asked for. */
export function visible(text: string, keep: "lines" | "nothing" = "nothing"): string {
  return text.replaceAll(unseen, (sign) => {
    if (sign === "\n" && keep === "lines") return sign;
    if (sign === "\n" || sign === "\t" || sign === "\r") return keep === "lines" && sign === "\r" ? "" : " ";
    return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** The first letters of a text that is too long, and how long it is. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const letters = [...text];
  if (letters.length <= longest) return text;
  return `${letters.slice(0, longest).join("")}… (${letters.length.toLocaleString("en-US")} characters)`;
}
