"""Rules for all components: each module defines `findings(environment, folder)`, which is called
for every component folder."""
