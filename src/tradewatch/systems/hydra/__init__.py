"""HYDRA 4.0: engines that vote, a tournament that weighs them, a guardian that stops them."""
