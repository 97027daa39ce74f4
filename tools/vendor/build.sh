#!/bin/sh
# Rebuilds static/vendor from the pinned packages in package.json. Needs Node and npm; running the site needs neither.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../../static/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/sharedpractice.scss" "$here/entry.mjs" "$work/"
cd "$work"
npm ci --no-audit --no-fund --ignore-scripts
rm -rf "$out"
mkdir -p "$out/nhsuk" "$out/fonts"
npx sass --no-error-css --no-source-map --style=compressed --quiet-deps --load-path=node_modules sharedpractice.scss "$out/nhsuk.css"
# The package has no licence file of its own; its package.json says MIT.
node -p 'const p=require("nhsuk-frontend/package.json"); `${p.name} ${p.version}, licence ${p.license}, ${p.author && p.author.name || p.author || ""}`' > "$out/nhsuk/LICENSE"
# An icon of a list style that we do not use; the address would not exist here.
sed -i 's#url("/assets/images/nhsuk-icon-cross.svg")#none#g' "$out/nhsuk.css"
npx esbuild entry.mjs --bundle --minify --format=esm --legal-comments=none --log-level=warning --outfile="$out/nhsuk/index.mjs"
mkdir -p "$out/toolbar"
npx esbuild node_modules/@github/markdown-toolbar-element/dist/index.js --bundle --minify --format=esm --legal-comments=none --log-level=warning --outfile="$out/toolbar/index.mjs"
cp node_modules/@github/markdown-toolbar-element/LICENSE "$out/toolbar/"
cp node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2 "$out/fonts/source-sans-3.woff2"
cp node_modules/@fontsource-variable/source-sans-3/LICENSE "$out/fonts/LICENSE"
# The letters of papers, whole, as their licence asks of files that keep the name.
mkdir -p "$out/fonts/papers"
for style in 400Regular 600SemiBold 400Regular_Italic; do
  cp "node_modules/@expo-google-fonts/source-sans-3/$style/SourceSans3_$style.ttf" "$out/fonts/papers/"
done
cp node_modules/@expo-google-fonts/source-sans-3/LICENSE_FONT "$out/fonts/papers/LICENSE"
cd "$out"
find . -type f ! -name checksums.txt | LC_ALL=C sort | xargs sha256sum > checksums.txt
