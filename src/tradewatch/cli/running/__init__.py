"""What ``tradewatch run`` is made of: systems, their prices, and the page of a run itself."""
