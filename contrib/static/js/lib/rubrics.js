// The rubric of a section or of a note of the page: its id, empty for « À classer ».
const TO_SORT = "a-classer"; // contrib/capture/queries.py

export const rubricOf = (element) => element.closest(".rubric").id.slice("section-".length).replace(TO_SORT, "");

export const sectionOf = (rubric) => document.getElementById(`section-${rubric || TO_SORT}`);
