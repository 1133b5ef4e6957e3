//! Who acts (domain E.2).

use serde::{Deserialize, Serialize};

crate::terms! {
    /// The roles of E.2. `System` and `Timer` act only inside the server; `Bank` is the case itself acting on its tracks.
    pub enum Role {
        Applicant = "APPLICANT", "申込人", "Applicant";
        CoObligor = "CO_OBLIGOR", "連帯債務者・保証人・物上保証人", "Co-obligor";
        Importer = "IMPORTER", "一括受付", "Bulk intake";
        Auditor = "AUDITOR", "監査", "Auditor";
        UserAdmin = "USER_ADMIN", "利用者管理", "User administrator";
        MemberOrg = "MEMBER_ORG", "所属会員", "Member organisation";
        BranchClerk = "BRANCH_CLERK", "営業店担当", "Branch clerk";
        BranchManager = "BRANCH_MANAGER", "営業店長", "Branch manager";
        ScreeningOfficer = "SCREENING_OFFICER", "審査担当", "Screening officer";
        Operations = "OPERATIONS", "事務担当", "Operations";
        Compliance = "COMPLIANCE", "コンプライアンス", "Compliance";
        Guarantor = "GUARANTOR", "保証機関", "Guarantee institution";
        Insurer = "INSURER", "保険会社", "Insurer";
        FireInsurer = "FIRE_INSURER", "火災保険会社", "Fire insurer";
        Scrivener = "SCRIVENER", "司法書士", "Judicial scrivener";
        Registry = "REGISTRY", "法務局", "Registry";
        CoreBanking = "CORE_BANKING", "勘定系", "Core banking";
        System = "SYSTEM", "システム", "System";
        Timer = "TIMER", "タイマー", "Timer";
        Bank = "BANK", "金庫", "Bank";
    }
}

impl Role {
    /// Staff of the lender: they work from task queues and see their branch's cases.
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Role::BranchClerk
                | Role::BranchManager
                | Role::ScreeningOfficer
                | Role::Operations
                | Role::Compliance
        )
    }

    /// Outside organisations which answer through the API with credentials of their own.
    pub const fn is_partner(self) -> bool {
        matches!(
            self,
            Role::MemberOrg
                | Role::Guarantor
                | Role::Insurer
                | Role::FireInsurer
                | Role::Scrivener
                | Role::Registry
                | Role::CoreBanking
        )
    }

    /// Roles that no token can carry: they exist only inside the server.
    pub const fn is_internal(self) -> bool {
        matches!(self, Role::System | Role::Timer | Role::Bank)
    }
}

/// A person or machine that acts: one role at a time. `subject` is the person; four eyes compare subjects, not roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Stable id of the person or client, unique over the installation.
    pub subject: String,
    pub role: Role,
    /// Bank code of the lender that the actor belongs to; a partner's is the lender that engaged it; empty for SYSTEM.
    pub institution: String,
    /// Branch codes that staff may act for; empty means every branch of the institution.
    #[serde(default)]
    pub branches: Vec<String>,
    /// The partner organisation (guarantor, insurer, scrivener's office ...).
    #[serde(default)]
    pub organisation: Option<String>,
    /// The absent person whose role this is, where `subject` is the deputy (E.2).
    #[serde(default)]
    pub on_behalf_of: Option<String>,
}

impl Actor {
    /// Both people in the role: the one who acts, and the absent one for whom.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.subject.as_str()).chain(self.on_behalf_of.as_deref())
    }

    /// Does it answer for the whole bank, not for single branches?
    pub fn is_of_the_whole_bank(&self) -> bool {
        self.branches.is_empty()
    }

    /// The server itself, for consequences and due dates.
    pub fn internal(role: Role) -> Self {
        Actor {
            subject: role.code().to_lowercase(),
            role,
            institution: String::new(),
            branches: vec![],
            organisation: None,
            on_behalf_of: None,
        }
    }
}
