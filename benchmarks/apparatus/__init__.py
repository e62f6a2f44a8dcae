"""What benchmarks measure with and measure against: histories, peers, processes, clocks and the table of results."""
