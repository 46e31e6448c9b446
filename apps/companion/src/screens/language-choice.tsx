/** The language of the app, changed by the person at any time and kept on this phone. */
import { useState } from 'preact/hooks';
import { useAppState } from '../page/state.ts';
import { words } from '../words/index.ts';
import { chooseLanguage, languages } from '../words/language.ts';

export function LanguageChoice() {
  const { language } = useAppState();
  const [failed, setFailed] = useState(false);
  const texts = words().settings;
  const choose = (tag: string) =>
    chooseLanguage(tag).then(
      () => setFailed(false),
      () => setFailed(true),
    );
  return (
    <section class="card">
      <label class="label" for="language">
        {texts.language}
      </label>
      <select id="language" value={language} onChange={(event) => void choose(event.currentTarget.value)}>
        {languages.map(({ tag, name }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      <p class="hint">{texts.languageNote}</p>
      <p class="fault" aria-live="assertive">
        {failed ? texts.languageFailed : ''}
      </p>
    </section>
  );
}
