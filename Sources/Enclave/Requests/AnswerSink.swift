/// Where the enclave's frames go. `add` may hold frames back, so that many leave in one write; `flush` sends them.
protocol AnswerSink: Sendable {
    func add(_ frame: [UInt8])
    func flush()
    /// Sends them if at least `count` are held back.
    func flush(gathered count: Int)
}

extension AnswerSink {
    func flush(gathered count: Int) { flush() }
}
