// The behaviours of nhsuk-frontend that our pages use, as one file.
export { createAll } from "nhsuk-frontend/dist/nhsuk/index.mjs";
export { ErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
export { PasswordInput } from "nhsuk-frontend/dist/nhsuk/components/password-input/password-input.mjs";
export { SkipLink } from "nhsuk-frontend/dist/nhsuk/components/skip-link/skip-link.mjs";
