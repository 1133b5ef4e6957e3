//! Types of files of an application.

use super::files::{PAPERS, SENDING};
use super::model::Model;
use super::wall;

/// The list of papers, files, links and uploads.
pub fn files(m: &mut Model) {
    m.object(
        "PaperLine",
        "A paper that the application needs, or has, with the files that came for it (D.1).",
        &[
            ("key", "String!", PAPERS, "Names the line, such as SEAL_CERTIFICATE:A1."),
            ("paper", "String!", PAPERS, "Code of the document or consent."),
            ("paperLabel", "Label!", PAPERS, "The same in words."),
            ("partyId", "String", PAPERS, "Person whose paper it is."),
            ("propertyNo", "Int", PAPERS, "Property that it is about."),
            ("loanNo", "Int", PAPERS, "Loan that it is about."),
            ("stage", "PaperStage!", PAPERS, "When it is due."),
            ("stageLabel", "Label!", PAPERS, "The same in words."),
            ("state", "PaperState!", PAPERS, "How it stands."),
            ("stateLabel", "Label!", PAPERS, "The same in words."),
            ("files", "[PaperFile!]!", PAPERS, "Files for it, the latest first, replaced ones as well."),
        ],
    );
    m.object(
        "PaperFile",
        "A file on record. Of papers about health all but the insurer see that they came and no more (L-93).",
        &[
            ("id", "ID!", PAPERS, "Asked for with paperLink, looked at with checkPaper."),
            ("state", "FileState!", PAPERS, "How it stands."),
            ("stateLabel", "Label!", PAPERS, "The same in words."),
            ("opens", "Boolean!", PAPERS, "The caller's role opens it."),
            ("mediaType", "MediaType", PAPERS, "What its bytes are."),
            ("bytes", "Int", PAPERS, "How many they are."),
            ("sha256", "String", PAPERS, "Their digest, in hex."),
            ("name", "String", PAPERS, "Name of the file as it was handed in."),
            ("issuedOn", "Date", PAPERS, "Day of issue, of certificates."),
            ("receivedAt", "DateTime!", PAPERS, "When it came."),
            ("scanned", "Boolean!", PAPERS, "A malware scanner looked at it and found nothing."),
            ("by", "String", PAPERS, "Who handed it in; told inside the bank."),
            ("role", "Role!", PAPERS, "As what."),
            ("replacedBy", "ID", PAPERS, "The file that took its place."),
            ("fault", "PaperFault", PAPERS, "Why it does not do."),
            ("faultLabel", "Label", PAPERS, "The same in words."),
            ("note", "String", PAPERS, "Of whoever looked, for colleagues."),
            ("checkedBy", "String", PAPERS, "Who looked; told inside the bank."),
            ("checkedOn", "Date", PAPERS, "When somebody looked."),
        ],
    );
    m.object(
        "PaperLink",
        "A link to a file, for the caller alone.",
        &[
            ("url", "String!", wall::ALL, "Address below that of the service; it names nobody."),
            ("expiresAt", "DateTime!", wall::ALL, "Until when it opens the file."),
        ],
    );
    m.object(
        "PaperUpload",
        "A file on its way into an application.",
        &[
            ("id", "ID!", SENDING, "Of the upload; its file has the same."),
            ("state", "UploadState!", SENDING, "How it stands."),
            ("stateLabel", "Label!", SENDING, "The same in words."),
            ("paper", "String!", SENDING, "Code of the document or consent."),
            ("paperLabel", "Label!", SENDING, "The same in words."),
            ("partyId", "String", SENDING, "Person whose paper it is."),
            ("name", "String", SENDING, "Name of the file."),
            ("bytes", "Int!", SENDING, "How many bytes were announced."),
            ("received", "Int!", SENDING, "How many are here."),
            ("reason", "String", SENDING, "Code of why it was refused, or of what it waits for."),
            ("reasonLabel", "Label", SENDING, "The same in words."),
            ("by", "String!", SENDING, "Who opened it."),
            ("role", "Role!", SENDING, "As what."),
            ("begunAt", "DateTime!", SENDING, "When it was opened."),
            ("endsAt", "DateTime!", SENDING, "Unfinished, it ends then."),
        ],
    );
}
