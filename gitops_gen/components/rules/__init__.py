"""Rules that hold for components of several folders: each module defines
`findings(environment, folder)`, which is asked about every component folder."""
