import EnclaveLink

extension EnclaveCore {
    /// A witness is another machine: the answer comes when it does.
    func cosign(_ exchange: Exchange) {
        do throws(EnclaveError) {
            let request = try exchange.request(CosignLogHead.self)
            guard CosignLogHead.deadlines.contains(request.deadline) else { throw EnclaveError(.requestRefused) }
            guard let key = parts.witnesses.key(of: request.witness) else {
                return exchange.succeed(CosignOutcome.failed(.unknownWitness))
            }
            parts.witnesses.ask(
                request.witness, try logs.errand(request), deadline: .now + .milliseconds(request.deadline)
            ) { [exchange = exchange.wayBack, logs] answer in
                exchange.succeed(logs.judge(answer, to: request, key: key))
                exchange.answers.flush()
            }
        } catch {
            exchange.fail(error)
        }
    }
}
