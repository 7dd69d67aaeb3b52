import EnclaveLink

/// Everything that an enclave is given from outside.
struct EnclaveParts: Sendable {
    var masterKeys: MasterKeys
    var keeper: any KeyKeeping
    var clock: any EnclaveClock = SystemEnclaveClock()
    var randomness: any RandomSource = SystemRandomness()
    var isolation: IsolationReport
    var providers: [ConfiguredProvider] = []
    var courier: any CodeDelivering
    var reports: any DeliveryReportReading = NoDeliveryReports()
    var captcha: any CaptchaVerifying = UnconfiguredCaptcha()
    var webhooks: any WebhookDelivering = UnconfiguredWebhooks()
    var witnesses: any WitnessAsking = NoWitnesses()
    var signing: any JobQueue = ImmediateJobs()
    var keyMaking: any JobQueue = ImmediateJobs()
    /// One thread: anybody may send what claims to be a report, and must keep nobody's token waiting.
    var reportReading: any JobQueue = ImmediateJobs()
    /// What keeps the heads of logs, or why there is nothing that does.
    var anchor: Result<any LogAnchor, LogAnchorFault> = .failure(.missing)
    /// One thread: the keeper is asked one thing at a time, and an HSM may take long.
    var keyKeeping: any JobQueue = ImmediateJobs()
    /// One thread: heads are kept one after another, and each waits for the disk.
    var logSigning: any JobQueue = ImmediateJobs()
    /// How many challenges may have attempts at the same time.
    var ledgerCapacity = 1_000_000
}
