/* Registers the participant: whoever only looks at the pages before this one leaves nothing behind. */
(function () {
    "use strict";
    const button = document.getElementById("begin");

    button.addEventListener("click", function () {
        button.disabled = true;
        document.getElementById("status").textContent = "One moment, please.";
        /* The browser may remember an earlier participant. */
        store.clear();
        dallinger.identity.initialize();
        dallinger
            .createParticipant()
            .done(function () {
                dallinger.goToPage("trial");
            })
            .fail(dallinger.error);
    });
})();
