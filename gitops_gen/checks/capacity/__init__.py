"""What the Pods of an environment request, and what quotas, limit ranges and budgets admit.

| module | purpose |
|---|---|
| `amounts` | quantities, and the resources of containers and Pods |
| `limit_ranges` | the LimitRanges of a namespace, and the defaults that they give to containers |
| `pod_sets` | how many Pods a workload runs, with updates and an autoscaler |
| `demand` | what the objects of a namespace count for a quota |
| `quotas` | the resources that quotas limit, and what the objects need of them |
| `budgets` | the Pods that a PodDisruptionBudget selects |
"""
