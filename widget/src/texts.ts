/** Every word the widget says by itself, one file per language in `../texts`; {braces} are filled in by `fill`. */

import english from "../texts/en.json";

/** In the built file a list in the order of en.json: build.mjs turns each name into its place. */
export let texts: typeof english & { readonly edition?: string } = english;

/** Fetches the words of a language that we have; whatever goes wrong, they stay English. */
export async function speak(base: string, language: string): Promise<void> {
  const [known] = /^(es|de|fr)\b/.exec(language) ?? [];
  try {
    // Else in a task of its own, as with a file: the page whose script this is may go on first.
    const told = await (known
      ? fetch(`${base}/widget/v1/${known}.json?${texts.edition}`).then((answer) => answer.json())
      : new Promise((done) => setTimeout(done)));
    // A file of another edition than this script's would say the wrong words.
    if (told && told[0] === texts.edition) texts = told;
  } catch {
    // English, then.
  }
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key]));
}
