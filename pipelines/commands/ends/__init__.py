"""`heartbeat ends`: finds ids of models in the files of a project, and says which end, when, and what replaces them."""
