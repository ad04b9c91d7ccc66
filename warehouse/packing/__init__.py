"""Packs: many small landed files of a channel in one, each still known by its name, with its manifest and its rows."""
