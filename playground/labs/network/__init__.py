"""The network lab: build, train, paint."""
