/* Shows the words, hides them, and sends what the participant remembers as an info of their node. */
(function () {
    "use strict";
    const study = document.getElementById("study");
    const recall = document.getElementById("recall");
    const list = document.getElementById("words");
    const studied = document.getElementById("studied");
    const answer = document.getElementById("answer");
    const submit = document.getElementById("submit");
    const status = document.getElementById("status");

    /* A page that is loaded again goes on with the node it has: a participant gets one only. */
    function node() {
        const known = dallinger.storage.get("recall_node");
        if (known) return $.Deferred().resolve(known);
        return dallinger.createAgent().then(function (response) {
            dallinger.storage.set("recall_node", response.node.id);
            return response.node.id;
        });
    }

    /* Dallinger answers without a page of its own when no network has room. */
    function refused(rejection) {
        if (rejection.status !== 403 || rejection.html) return dallinger.error(rejection);
        study.hidden = true;
        status.textContent = "This study has all the participants it needs. Thank you for your interest.";
    }

    function show(words) {
        for (const word of words) {
            const item = document.createElement("li");
            item.textContent = word;
            list.append(item);
        }
        studied.disabled = false;
    }

    function ask() {
        study.hidden = true;
        list.replaceChildren();
        recall.hidden = false;
        document.getElementById("recall-heading").focus();
    }

    function send(nodeId) {
        submit.disabled = true;
        status.textContent = "Saving your answer.";
        dallinger
            .createInfo(nodeId, { contents: answer.value, info_type: "Info" })
            .done(function () {
                dallinger.goToPage("questionnaire");
            })
            .fail(dallinger.error);
    }

    studied.addEventListener("click", ask);
    node()
        .done(function (nodeId) {
            document.getElementById("answer-form").addEventListener("submit", function (event) {
                event.preventDefault();
                send(nodeId);
            });
            dallinger
                .get("/words/" + nodeId)
                .done(function (response) {
                    show(response.words);
                })
                .fail(dallinger.error);
        })
        .fail(refused);
})();
