"""The ends of models as the published snapshot tells them: notices, listed names, states, and ids found in text."""
