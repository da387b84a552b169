"""Free recall: read a list of words, then write down those you remember.

Each participant has one node. The node's `details` hold the words that were shown, the node's info
holds what the participant typed, and the info's `property1` how many of the words are in it.
"""

import random
import re

from flask import jsonify

from dallinger import db
from dallinger.config import get_config
from dallinger.experiment import Experiment, experiment_route
from dallinger.models import Node
from dallinger.networks import Empty

from .words import WORDS


class Recall(Experiment):
    """One network that is full when everybody has taken part."""

    task = "Recall"
    experiment_repeats = 1
    initial_recruitment_size = 1

    @classmethod
    def extra_parameters(cls):
        config = get_config()
        config.register("recall_words", int)
        config.register("recall_participants", int)
        config.register("recall_bonus_per_word", float)

    @classmethod
    def config_defaults(cls):
        return {
            "recall_words": 12,
            "recall_participants": 10,
            "recall_bonus_per_word": 0.0,
        }

    def create_network(self):
        return Empty(max_size=get_config().get("recall_participants"))

    def create_node(self, participant, network):
        node = super().create_node(participant, network)
        count = min(get_config().get("recall_words"), len(WORDS))
        node.details = {"words": random.sample(WORDS, count)}
        return node

    @experiment_route("/words/<int:node_id>", methods=["GET"])
    @classmethod
    def words(cls, node_id):
        """The words to show to the participant whose node it is."""
        node = db.session.get(Node, node_id)
        if node is None:
            return jsonify(status="error", message=f"There is no node {node_id}."), 404
        return jsonify(status="success", words=node.details["words"])

    def info_post_request(self, node, info):
        info.property1 = str(len(recalled(node.details["words"], info.contents)))

    def data_check(self, participant):
        """An empty answer is no data; an answer without a single right word is."""
        return any(info.contents.strip() for info in participant.infos())

    def bonus(self, participant):
        return round(score(participant) * get_config().get("recall_bonus_per_word"), 2)

    def bonus_reason(self):
        return "Thank you for taking part. This is the bonus for the words that you remembered."

    def recruit(self):
        """The next participant is asked for when the one before has finished."""
        if self.networks(full=False):
            self.recruiter.recruit(n=1)
        else:
            self.recruiter.close_recruitment()

    def exit_info_for(self, participant):
        return {"Words you remembered": score(participant)}


def __getattr__(name):
    """Dallinger looks for the bot here. It is imported when it is wanted: a driver of browsers takes long to load."""
    if name != "Bot":
        raise AttributeError(name)
    from .bot import Bot

    return Bot


def recalled(shown, answer):
    """The shown words that are in the answer, however it is punctuated or capitalised."""
    return set(shown) & set(re.findall(r"[a-z]+", answer.lower()))


def score(participant):
    """How many words the participant remembered, in the best of their answers."""
    return max((int(info.property1 or 0) for info in participant.infos()), default=0)
