import EnclaveLink

extension WorkerPool: JobQueue {}
