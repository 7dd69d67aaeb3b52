import Configuration
import EnclaveLink
import Foundation
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct CaptchaSettingsTests {
        private let folder: SettingsFolder

        init() throws { folder = try SettingsFolder() }

        @Test("without the section there is no captcha")
        func absent() throws {
            #expect(try folder.settings("inbox: true\n").captcha == nil)
            #expect(try folder.settings("inbox: true\n").providers == [])
        }

        @Test("the least is a workspace with a secret; the provider is Turnstile")
        func least() throws {
            let settings = try folder.settings("captcha: {workspaces: {ws_1: {secret: s}}}\n")
            let captcha = try #require(settings.captcha)
            #expect(captcha.widgets == ["ws_1": CaptchaWidget(secret: "s", hostnames: [])])
            #expect(captcha.url.path == "/turnstile/v0/siteverify")
            #expect(captcha.connections == 4)
            #expect(captcha.certificateAuthorities.count > 1000)
            #expect(
                settings.providers == [
                    ConfiguredProvider(
                        purpose: .captcha, name: "siteverify", host: "challenges.cloudflare.com", port: 443)
                ])
        }

        @Test("every setting counts, and paths are relative to the file")
        func everything() throws {
            try folder.write("correct horse\n", to: "secret")
            try folder.write("-----BEGIN CERTIFICATE-----\n", to: "ca.pem")
            let settings = try folder.settings(
                """
                smtp: {host: smtp.example.com, from: a@example.com}
                captcha:
                  url: https://captcha.example.com:8443/verify
                  ca_file: ca.pem
                  connections: 2
                  workspaces:
                    ws_1: {secret_file: secret, hostnames: [app.example.com, WWW.example.com]}
                    ws_2: {secret: "other"}
                """)
            let captcha = try #require(settings.captcha)
            #expect(captcha.certificateAuthorities == Array("-----BEGIN CERTIFICATE-----\n".utf8))
            #expect(captcha.connections == 2)
            #expect(
                captcha.widgets == [
                    "ws_1": CaptchaWidget(secret: "correct horse", hostnames: ["app.example.com", "www.example.com"]),
                    "ws_2": CaptchaWidget(secret: "other", hostnames: []),
                ])
            #expect(settings.providers.map(\.purpose) == [.messages(.email), .captcha])
            #expect(settings.providers.map(\.port) == [587, 8443])
        }

        @Test(
            "a wrong setting is refused with its line and what is allowed",
            arguments: [
                ("{}", "captcha.workspaces is missing"),
                ("{workspaces: {}}", "captcha.workspaces must name a workspace"),
                ("{workspaces: ws_1}", "captcha.workspaces must be a section"),
                ("{workspaces: {shop: {secret: s}}}", "captcha.workspaces.shop must be a workspace's identifier"),
                ("{workspaces: {ws_1: {}}}", "captcha.workspaces.ws_1.secret is missing"),
                (
                    "{workspaces: {ws_1: {secret: s, secret_file: f}}}",
                    "captcha.workspaces.ws_1.secret_file cannot be set together"
                ),
                (
                    "{workspaces: {ws_1: {secret_file: none}}}",
                    "captcha.workspaces.ws_1.secret_file none cannot be read"
                ),
                (
                    "{workspaces: {ws_1: {secret: s, hostnames: [https://a]}}}",
                    "captcha.workspaces.ws_1.hostnames must be host names"
                ),
                (
                    "{workspaces: {ws_1: {secret: s, hostname: a}}}",
                    "unknown setting \"captcha.workspaces.ws_1.hostname\""
                ),
                ("{url: http://a/, workspaces: {ws_1: {secret: s}}}", "captcha.url must be an address"),
                ("{url: https://a/b#c, workspaces: {ws_1: {secret: s}}}", "captcha.url must be an address"),
                ("{connections: 17, workspaces: {ws_1: {secret: s}}}", "captcha.connections must be"),
                ("{ca_file: none, workspaces: {ws_1: {secret: s}}}", "captcha.ca_file none cannot be read"),
            ])
        func refusals(_ section: String, _ message: String) {
            let refusal = folder.refusal(of: "captcha: \(section)\n")
            #expect(refusal.hasPrefix("enclave.yaml:1: \(message)"), "\(refusal)")
        }

        @Test("neither an error nor a print shows a secret")
        func redaction() throws {
            try folder.write("hunter2\nmore\n", to: "secret")
            let refusal = folder.refusal(of: "captcha: {workspaces: {ws_1: {secret_file: secret}}}\n")
            #expect(refusal.contains("secret_file secret must hold the secret"))
            #expect(!refusal.contains("hunter2"))
            let settings = try folder.settings("captcha: {workspaces: {ws_1: {secret: hunter2}}}\n")
            var dumped = ""
            dump(settings, to: &dumped)
            #expect(!"\(settings)\(String(reflecting: settings))\(dumped)".contains("hunter2"))
        }
    }
}
