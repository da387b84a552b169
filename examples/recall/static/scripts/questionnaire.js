/* Dallinger's own client sends the form as one question, then hands the assignment in. */
(function () {
    "use strict";
    document.getElementById("questionnaire").addEventListener("submit", function (event) {
        event.preventDefault();
        document.getElementById("status").textContent = "Saving your answers.";
        dallinger.submitQuestionnaire();
    });
})();
