"""Rules for `addons.kube-prometheus-stack`: modules define `findings(environment)`."""
