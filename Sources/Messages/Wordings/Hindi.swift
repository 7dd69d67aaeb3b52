extension Wording {
    static let hindi = Wording(
        minutes: MinutePhrase(one: "# मिनट", many: "# मिनट"),
        short: [
            "{{code}} आपका {{app}} कोड है, {{validity}} तक मान्य। किसी को न बताएँ।",
            "{{code}} आपका {{app}} कोड है। किसी को न बताएँ।",
            "{{code}} {{app}} कोड",
        ],
        voice: "नमस्ते। आपका {{app}} कोड है: {{code}}.",
        voiceAgain: "फिर से, आपका कोड है: {{code}}. इसे किसी को न बताएँ। धन्यवाद।",
        mail: MailWording(
            subject: "आपका {{app}} कोड", subjectWithCode: "{{code}} आपका {{app}} कोड है",
            heading: "आपका {{app}} कोड:", link: "या यह लिंक खोलें",
            advice: [
                "यह {{validity}} तक मान्य है। इसे किसी को न बताएँ।",
                "यदि आपने यह कोड नहीं माँगा है, तो इस संदेश को अनदेखा करें।",
            ]))
}
