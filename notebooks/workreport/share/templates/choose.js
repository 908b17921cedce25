// Open the reader's language; without scripts the page offers both.
location.replace((navigator.language.startsWith("zh") ? "zh" : "en") + "/index.html");
