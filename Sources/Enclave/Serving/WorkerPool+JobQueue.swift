import EnclaveLink
import Threads

extension WorkerPool: JobQueue {}
