extension Wording {
    /// The short texts do without the letters that GSM-7 does not have.
    static let polish = Wording(
        minutes: MinutePhrase(one: "# minutę", few: "# minuty", many: "# minut"),
        short: [
            "Kod {{app}}: {{code}}. Wygasa za {{minutes}} min. Nie podawaj go nikomu.",
            "Kod {{app}}: {{code}}. Wygasa za {{minutes}} min.",
            "Kod {{app}}: {{code}}",
        ],
        voice: "Dzień dobry. Twój kod do {{app}} to: {{code}}.",
        voiceAgain: "Powtarzam, twój kod to: {{code}}. Nie podawaj go nikomu. Do widzenia.",
        mail: MailWording(
            subject: "Twój kod do {{app}}", subjectWithCode: "{{code}} to twój kod do {{app}}",
            heading: "Twój kod do {{app}}:", link: "Albo otwórz ten link",
            advice: [
                "Jest ważny przez {{validity}}. Nie podawaj go nikomu.",
                "Jeśli to nie ty prosisz o kod, zignoruj tę wiadomość.",
            ]))
}
