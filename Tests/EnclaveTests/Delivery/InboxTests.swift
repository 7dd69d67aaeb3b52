import EnclaveLink
import Foundation
import Glibc
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct InboxTests {
        @Test("without a provider every channel's message is a mail file in the inbox", arguments: Channel.allCases)
        func everyChannel(_ channel: Channel) async throws {
            let host = try LoopbackHost()
            let courier = try Courier.example(nil, host: host)
            let contact = channel == .email ? "ada@example.org" : "+4915112345678"

            #expect(
                await courier.deliver(.example(to: contact, channel: channel, provider: "inbox"))
                    == .accepted(provider: "inbox"))
            let mail = try host.published(1)
            let parsed = try mail.parsed()
            // A phone number between the brackets is no mailbox, which Python notes; it reads it nevertheless.
            #expect(channel != .email || parsed.defects == [])
            #expect(mail.raw.contains("\nTo: <\(contact)>\n"))
            #expect(parsed.headers["To"] == contact)
            #expect(parsed.headers["Subject"] == "Your MySecureApp code")
            #expect(parsed.headers["X-Countersign-Channel"] == channel.rawValue)
            #expect(parsed.headers["Date"] != nil)
            #expect(parsed.parts.count == (channel == .email ? 2 : 1))
            #expect(parsed.parts.allSatisfy { $0.text.contains("402917") })
            #expect(!mail.bytes.contains(0x0D))
        }

        @Test("a hundred messages at once are a hundred whole files")
        func many() async throws {
            let host = try LoopbackHost()
            let courier = try Courier.example(nil, host: host)
            let accepted = await withTaskGroup(of: DeliveryOutcome.self) { group in
                for _ in 0..<100 { group.addTask { await courier.deliver(.example(provider: "inbox")) } }
                return await group.reduce(into: 0) { $0 += $1 == .accepted(provider: "inbox") ? 1 : 0 }
            }
            #expect(accepted == 100)
            for number in 1...100 { #expect(try host.published(UInt64(number)).raw.contains("\n402917\n")) }
        }

        @Test("a host without an inbox, or one that does not answer, is a failure")
        func unavailable() async throws {
            for (error, reason) in [
                (DescriptorError.refused, DeliveryFailure.Reason.inboxUnavailable),
                (.hostUnavailable, .inboxUnavailable),
                (.timedOut, .timedOut),
            ] {
                let courier = try Courier.example(nil, host: LoopbackHost(refusal: error))
                #expect(await courier.deliver(.example(provider: "inbox")) == .refused(reason, by: "inbox"))
            }
        }

        @Test("where the inbox is switched off, a channel without a provider delivers nothing and asks for no file")
        func switchedOff() async throws {
            let courier = try Courier(settings: DeliverySettings(usesInbox: false), descriptors: FullDisk())
            #expect(await courier.deliver(.example(provider: "inbox")) == .refused(.inboxUnavailable, by: "inbox"))
        }

        @Test("a full disk is a failure, and nothing is published")
        func fullDisk() async throws {
            let host = FullDisk()
            let courier = try Courier(settings: DeliverySettings(), descriptors: host)
            #expect(await courier.deliver(.example(provider: "inbox")) == .refused(.inboxUnavailable, by: "inbox"))
        }

        @Test("a file is closed when it is published")
        func closed() async throws {
            let host = LooksAtDescriptors()
            let courier = try Courier(settings: DeliverySettings(), descriptors: host)
            #expect(await courier.deliver(.example(provider: "inbox")) == .accepted(provider: "inbox"))
        }
    }
}

private struct FullDisk: DescriptorRequesting {
    func openStream(
        to destination: Destination, for use: StreamUse, deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Int32 {
        throw .refused
    }

    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile {
        InboxFile(descriptor: open("/dev/full", O_WRONLY), identifier: 1)
    }

    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError) {
        Issue.record("published a message that was not written")
    }
}

/// Refuses to publish while the descriptor that it gave is open.
private struct LooksAtDescriptors: DescriptorRequesting {
    private let name = "countersign-test-\(UInt64.random(in: 0...UInt64.max))"

    func openStream(
        to destination: Destination, for use: StreamUse, deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Int32 {
        throw .refused
    }

    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile {
        let path = "/tmp/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        return InboxFile(descriptor: descriptor, identifier: 1)
    }

    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError) {
        unlink("/tmp/\(name)")
        let links = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for link in links {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(link)")) ?? ""
            if target.contains(name) { throw .refused }
        }
    }
}
