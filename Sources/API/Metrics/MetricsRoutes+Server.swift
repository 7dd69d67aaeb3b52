import Passcodes

extension MetricsRoutes {
    /// Adds what is known of the server as a whole.
    func addServer(to metrics: inout MetricsText) async {
        metrics.begin("countersign_build_info", .gauge, "Always 1; the version of the programs.")
        metrics.sample("countersign_build_info", [("version", ServerVersion.current)], 1)
        let health = await rooms.health()
        metrics.begin("countersign_ready", .gauge, "1 while the server can do its work, as GET /health/ready says.")
        metrics.sample("countersign_ready", [], health.isReady ? 1 : 0)
        metrics.begin("countersign_health", .gauge, "1 where what is checked is well enough to work, else 0.")
        for (check, state) in health.checks {
            metrics.sample("countersign_health", [("check", check.rawValue)], state.stopsWork ? 0 : 1)
        }
        let now = rooms.clock.now()
        let observation = rooms.observation
        metrics.add(observation.traffic)
        if let storage = observation.storage() { metrics.add(storage) }
        if let files = observation.files() { metrics.add(files) }
        if let enclave = observation.enclave() { metrics.add(enclave) }
        if let sequencing = await observation.sequencing() { metrics.add(sequencing, now: now) }
        // Without the store there is nothing to say; `countersign_health` tells of that.
        if let webhooks = try? await rooms.webhookDeliveries.figures() { metrics.add(webhooks, now: now) }
        metrics.add(rooms.webhookDeliveries.counters)
        if let process = observation.process() { metrics.add(process) }
    }
}
