// What html-validate holds every page against, and why a rule of its recommended ones is off or softer.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": "off", // both cases are right
    "valid-id": ["error", { relaxed: true }], // ids of rows hold a dot
    "form-dup-name": "off", // the buttons of many notes are of one form, each with the name that it sends
    "long-title": "off", // a title ends with the day's, which the organiser wrote
    "no-implicit-button-type": "off", // a button without a type sends its form, and that is what is meant
    "no-implicit-input-type": "off", // an input without a type is a line of text
    "no-trailing-whitespace": "off", // of the HTML that templates give: nobody reads it
  },
};
