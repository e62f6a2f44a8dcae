"""HYDRA 4.0: engines that vote on many assets, a tournament among them, and a guardian."""
