"""The left column: data, examples, drawing, what the network receives, its answer."""
