//! The lists of choices of a loan application, each value with its code and its Japanese label.

use crate::terms;

terms! {
    /// The three secured products (A.3).
    pub enum Product {
        HousingLoan = "HOUSING_LOAN", "住宅ローン";
        RefinanceReplacementLoan = "REFINANCE_REPLACEMENT_LOAN", "借換・買替ローン";
        SecuredFreeLoan = "SECURED_FREE_LOAN", "有担保フリーローン";
    }
}

terms! {
    /// What the money is for (C.1).
    pub enum PurposeCode {
        PurchaseNewHouse = "PURCHASE_NEW_HOUSE", "新築住宅の購入";
        PurchaseUsedHouse = "PURCHASE_USED_HOUSE", "中古住宅の購入";
        PurchaseNewCondominium = "PURCHASE_NEW_CONDOMINIUM", "新築マンションの購入";
        PurchaseUsedCondominium = "PURCHASE_USED_CONDOMINIUM", "中古マンションの購入";
        NewBuild = "NEW_BUILD", "住宅の新築";
        LandAndNewBuild = "LAND_AND_NEW_BUILD", "土地の購入と住宅の新築";
        LandPurchase = "LAND_PURCHASE", "土地の購入";
        Extension = "EXTENSION", "増築";
        Renovation = "RENOVATION", "改築・リフォーム";
        Refinance = "REFINANCE", "借換";
        Replacement = "REPLACEMENT", "買替";
        Rebuild = "REBUILD", "建替";
        SecondHouse = "SECOND_HOUSE", "セカンドハウス";
        Education = "EDUCATION", "教育";
        Car = "CAR", "自動車";
        Durables = "DURABLES", "耐久消費財";
    }
}

terms! {
    /// How money comes ahead of the main disbursement (E.6, E.7).
    pub enum MoneyAheadKind {
        Split = "SPLIT", "分割融資";
        Bridge = "BRIDGE", "つなぎローン";
    }
}

terms! {
    /// What a payment ahead is for (S-01).
    pub enum PaymentUse {
        LandPrice = "LAND_PRICE", "土地代金";
        StartPayment = "START_PAYMENT", "着手金";
        InterimPayment = "INTERIM_PAYMENT", "中間金";
        AcquisitionCosts = "ACQUISITION_COSTS", "取得諸費用";
    }
}

terms! {
    /// Kinship seen from the borrower or applicant (C-01, C-02).
    pub enum Relation {
        Oneself = "SELF", "本人";
        Spouse = "SPOUSE", "配偶者";
        Parent = "PARENT", "父母";
        Child = "CHILD", "子";
        ParentInLaw = "PARENT_IN_LAW", "配偶者の父母";
        ChildInLaw = "CHILD_IN_LAW", "子の配偶者";
        Grandparent = "GRANDPARENT", "祖父母";
        Grandchild = "GRANDCHILD", "孫";
        Sibling = "SIBLING", "兄弟姉妹";
        SiblingInLaw = "SIBLING_IN_LAW", "配偶者の兄弟姉妹";
        UncleAunt = "UNCLE_AUNT", "おじ・おば";
        NephewNiece = "NEPHEW_NIECE", "おい・めい";
        Cousin = "COUSIN", "いとこ";
        Unrelated = "UNRELATED", "親族以外";
    }
}

terms! {
    /// What a part of the money is used for; the last six are prohibited (C-04).
    pub enum FundUseKind {
        LandPrice = "LAND_PRICE", "土地代金";
        LandAndBuildingPrice = "LAND_AND_BUILDING_PRICE", "土地建物代金";
        BuildingPrice = "BUILDING_PRICE", "建物代金";
        Construction = "CONSTRUCTION", "工事代金";
        AcquisitionCosts = "ACQUISITION_COSTS", "取得諸費用";
        RefinancedBalance = "REFINANCED_BALANCE", "借換対象残高";
        RefinanceCosts = "REFINANCE_COSTS", "借換諸費用";
        SecondHouse = "SECOND_HOUSE", "セカンドハウス";
        Education = "EDUCATION", "教育";
        Car = "CAR", "自動車";
        Durables = "DURABLES", "耐久消費財";
        BusinessFunds = "BUSINESS_FUNDS", "事業資金";
        Speculation = "SPECULATION", "投機資金";
        DebtConsolidation = "DEBT_CONSOLIDATION", "負債整理資金";
        RentalProperty = "RENTAL_PROPERTY", "賃貸用不動産";
        RentalCombinedWithResidence = "RENTAL_COMBINED_WITH_RESIDENCE", "賃貸併用住宅";
        SolarPowerForSale = "SOLAR_POWER_FOR_SALE", "売電目的の太陽光発電設備";
    }
}

terms! {
    /// Who holds a loan or a mortgage.
    pub enum LenderKind {
        PublicBody = "PUBLIC_BODY", "公的機関";
        Bank = "BANK", "銀行";
        OtherFinancialInstitution = "OTHER_FINANCIAL_INSTITUTION", "その他金融機関";
        Employer = "EMPLOYER", "勤務先";
        MutualAidAssociation = "MUTUAL_AID_ASSOCIATION", "共済組合";
        PrivatePerson = "PRIVATE_PERSON", "個人";
    }
}

terms! {
    /// The kind of a loan that is refinanced.
    pub enum ExistingLoanKind {
        HousingLoan = "HOUSING_LOAN", "住宅ローン";
        CardLoan = "CARD_LOAN", "カードローン";
    }
}

terms! {
    /// The kind of a debt elsewhere.
    pub enum DebtKind {
        HousingLoan = "HOUSING_LOAN", "住宅ローン";
        CardLoan = "CARD_LOAN", "カードローン";
        EducationLoan = "EDUCATION_LOAN", "教育ローン";
        CarLoan = "CAR_LOAN", "自動車ローン";
        Other = "OTHER", "その他";
    }
}

terms! {
    /// Rate types (C.3).
    pub enum RateType {
        Variable = "VARIABLE", "変動金利型";
        Fixed3Y = "FIXED_3Y", "固定金利特約型（3年）";
        Fixed5Y = "FIXED_5Y", "固定金利特約型（5年）";
        Fixed10Y = "FIXED_10Y", "固定金利特約型（10年）";
        Fixed20Y = "FIXED_20Y", "固定金利特約型（20年）";
        Capped10Y = "CAPPED_10Y", "上限金利特約型";
        FullFixed = "FULL_FIXED", "全期間固定金利型";
    }
}

terms! {
    /// How long the discount of a special-term loan lasts (C.5).
    pub enum DiscountType {
        InitialPeriod = "INITIAL_PERIOD", "当初期間引下げ型";
        WholePeriod = "WHOLE_PERIOD", "全期間引下げ型";
    }
}

terms! {
    /// Fee plans (C.4).
    pub enum FeePlan {
        FlatFee = "FLAT_FEE", "手数料定額型";
        PercentFee = "PERCENT_FEE", "手数料定率型";
    }
}

terms! {
    /// How the guarantee fee is paid (F-05, F-06).
    pub enum GuaranteeFeeMethod {
        MonthlyInRate = "MONTHLY_IN_RATE", "月次後払い方式";
        LumpSum = "LUMP_SUM", "一括前払い方式";
    }
}

terms! {
    /// What a person is in the case (A.1).
    pub enum PartyRole {
        Applicant = "APPLICANT", "申込人";
        JointDebtor = "JOINT_DEBTOR", "連帯債務者";
        JointGuarantor = "JOINT_GUARANTOR", "連帯保証人";
        ThirdPartyMortgagor = "THIRD_PARTY_MORTGAGOR", "物上保証人";
    }
}

terms! {
    /// Sex as the insurer's form asks for it.
    pub enum Sex {
        Male = "M", "男性";
        Female = "F", "女性";
    }
}

terms! {
    /// How a person earns a living (B-05, B-07).
    pub enum EmploymentKind {
        RegularEmployee = "REGULAR_EMPLOYEE", "正社員";
        PublicEmployee = "PUBLIC_EMPLOYEE", "公務員";
        ContractEmployee = "CONTRACT_EMPLOYEE", "契約社員";
        PartTimeEmployee = "PART_TIME_EMPLOYEE", "パート・アルバイト";
        SoleProprietor = "SOLE_PROPRIETOR", "個人事業主";
        CompanyOwnerExecutive = "COMPANY_OWNER_EXECUTIVE", "会社の経営者";
        None = "NONE", "無職";
    }
}

terms! {
    /// Routes to the transaction qualification (B-02).
    pub enum QualificationRoute {
        IndirectMember = "INDIRECT_MEMBER", "団体会員の構成員";
        CoopMember = "COOP_MEMBER", "生協組合員";
        IndividualMember = "INDIVIDUAL_MEMBER", "個人会員";
        FriendsSocietyMember = "FRIENDS_SOCIETY_MEMBER", "友の会会員";
    }
}

terms! {
    /// Kinds of member organisations (B-04).
    pub enum OrgMemberKind {
        LabourUnion = "LABOUR_UNION", "労働組合";
        PublicEmployeesAssociation = "PUBLIC_EMPLOYEES_ASSOCIATION", "公務員団体";
        WorkersWelfareMutualAidBody = "WORKERS_WELFARE_MUTUAL_AID_BODY", "勤労者福祉共済団体";
        ConsumerCooperative = "CONSUMER_COOPERATIVE", "生活協同組合";
        Other = "OTHER", "その他";
    }
}

terms! {
    /// The five types of group credit life insurance (chapter G).
    pub enum InsuranceType {
        Basic = "BASIC", "ろうきん団信";
        DisabilityIncome = "DISABILITY_INCOME", "就業不能保障団信";
        Cancer = "CANCER", "がん団信";
        Almighty = "ALMIGHTY", "ろうきんオールマイティ保障型団信";
        Relaxed = "RELAXED", "引受緩和団信";
    }
}

terms! {
    /// How an insured person is covered (G-14, G-15).
    pub enum Cover {
        Single = "SINGLE", "単独";
        Proportional = "PROPORTIONAL", "加入割合";
        JointCouple = "JOINT_COUPLE", "夫婦連生";
    }
}

terms! {
    /// Kinds of property in collateral.
    pub enum PropertyKind {
        Land = "LAND", "土地";
        Building = "BUILDING", "建物";
        Unit = "UNIT", "区分建物";
        RoadShare = "ROAD_SHARE", "道路持分";
    }
}

terms! {
    /// The right by which land is held (A.4).
    pub enum Tenure {
        Ownership = "OWNERSHIP", "所有権";
        OrdinaryLeasehold = "ORDINARY_LEASEHOLD", "普通借地権";
        GeneralFixedTermLeasehold = "GENERAL_FIXED_TERM_LEASEHOLD", "一般定期借地権";
        FreeUse = "FREE_USE", "使用貸借";
    }
}

terms! {
    /// Category in the land register (H-09).
    pub enum LandCategory {
        ResidentialLand = "RESIDENTIAL_LAND", "宅地";
        PaddyField = "PADDY_FIELD", "田";
        Field = "FIELD", "畑";
        PublicRoad = "PUBLIC_ROAD", "公衆用道路";
    }
}

terms! {
    /// City planning area; information only.
    pub enum CityPlanning {
        UrbanisationPromotion = "URBANISATION_PROMOTION", "市街化区域";
        UrbanisationControl = "URBANISATION_CONTROL", "市街化調整区域";
        NonLineDrawn = "NON_LINE_DRAWN", "非線引き区域";
    }
}

terms! {
    /// What a building is made of.
    pub enum Structure {
        Wood = "WOOD", "木造";
        LightSteel = "LIGHT_STEEL", "軽量鉄骨造";
        Steel = "STEEL", "鉄骨造";
        ReinforcedConcrete = "REINFORCED_CONCRETE", "鉄筋コンクリート造";
    }
}

terms! {
    /// Who files the registration (H-14).
    pub enum RegistrationAgent {
        JudicialScrivener = "JUDICIAL_SCRIVENER", "司法書士";
        Customer = "CUSTOMER", "お客様ご本人";
        FamilyMember = "FAMILY_MEMBER", "ご家族";
    }
}

terms! {
    /// Form of the loan contract (H-54).
    pub enum ContractForm {
        Paper = "PAPER", "書面";
        Electronic = "ELECTRONIC", "電子契約";
    }
}

terms! {
    /// State of the salary transfer to the bank (C-40 to C-42).
    pub enum SalaryTransferStatus {
        Designated = "DESIGNATED", "指定済";
        Reserved = "RESERVED", "予約";
        CannotDesignate = "CANNOT_DESIGNATE", "指定できない";
        None = "NONE", "なし";
    }
}

terms! {
    /// Savings that may stand in for the salary transfer (C-41).
    pub enum SavingProduct {
        ZaikeiSaving = "ZAIKEI_SAVING", "財形貯蓄";
        AceDeposit = "ACE_DEPOSIT", "エース預金";
        MutualAidSavings = "MUTUAL_AID_SAVINGS", "共済積立貯金";
    }
}

terms! {
    /// Answer of the guarantee institution (F-03).
    pub enum GuaranteeDecision {
        Approved = "APPROVED", "承諾";
        Conditional = "CONDITIONAL", "条件付承諾";
        Declined = "DECLINED", "否決";
    }
}

terms! {
    /// Kind of the deposit account that receives the money (I-05).
    pub enum AccountKind {
        Ordinary = "ORDINARY", "普通預金";
        Current = "CURRENT", "当座預金";
        Savings = "SAVINGS", "貯蓄預金";
    }
}

terms! {
    /// Papers of a case that somebody hands in or signs, consents aside (A.2, D.1).
    pub enum DocumentKind {
        LoanApplication = "LOAN_APPLICATION", "借入申込書";
        GuaranteeRequest = "GUARANTEE_REQUEST", "保証依頼書";
        MembershipCertificate = "MEMBERSHIP_CERTIFICATE", "所属確認書";
        IndividualMembershipEvidence = "INDIVIDUAL_MEMBERSHIP_EVIDENCE", "個人会員であることの確認資料";
        FriendsSocietyEvidence = "FRIENDS_SOCIETY_EVIDENCE", "友の会会員であることの確認資料";
        IdentityDocument = "IDENTITY_DOCUMENT", "本人確認書類";
        IncomeCertificate = "INCOME_CERTIFICATE", "所得証明書";
        SealCertificate = "SEAL_CERTIFICATE", "印鑑証明書";
        SaleContract = "SALE_CONTRACT", "売買契約書";
        ConstructionContract = "CONSTRUCTION_CONTRACT", "工事請負契約書";
        Estimate = "ESTIMATE", "見積書";
        RepaymentPassbook = "REPAYMENT_PASSBOOK", "返済用通帳";
        RegisterExtract = "REGISTER_EXTRACT", "登記事項証明書";
        PropertyPlans = "PROPERTY_PLANS", "公図・測量図・建物図面";
        BreakdownNotice = "BREAKDOWN_NOTICE", "内訳明細届出書";
        InsuranceApplicationDeclaration = "INSURANCE_APPLICATION_DECLARATION", "申込書兼告知書";
        RelaxedAssessmentIntent = "RELAXED_ASSESSMENT_INTENT", "加入査定意向確認・申込書";
        HealthCertificate = "HEALTH_CERTIFICATE", "健康診断書";
        LandlordConsent = "LANDLORD_CONSENT", "地主の承諾書";
        ConfirmationSheet = "CONFIRMATION_SHEET", "お客様ご確認シート";
        ExplanationBooklet = "EXPLANATION_BOOKLET", "お客様ご説明資料";
        ProductOutline = "PRODUCT_OUTLINE", "商品概要説明書";
        LoanContract = "LOAN_CONTRACT", "ろうきんローン契約書";
        SpecialTermAgreement = "SPECIAL_TERM_AGREEMENT", "特約書";
        MortgageDeed = "MORTGAGE_DEED", "抵当権設定契約証書";
        FireCoverEvidence = "FIRE_COVER_EVIDENCE", "火災保険（共済）の証券等";
        ResidentialBuildingCertificate = "RESIDENTIAL_BUILDING_CERTIFICATE", "住宅用家屋証明書";
    }
}

terms! {
    /// Consents and pledges that a person signs (A.2, B-17, B-18).
    pub enum ConsentKind {
        PrivacyConsent = "PRIVACY_CONSENT", "個人情報同意書";
        AntisocialPledgeAndPep = "ANTISOCIAL_PLEDGE_AND_PEP", "反社会的勢力でないことの表明・確約（兼外国PEPs確認書）";
        FamilyInformationConsent = "FAMILY_INFORMATION_CONSENT", "家族情報の取得に関する同意";
        ContactConsent = "CONTACT_CONSENT", "契約者以外への連絡に関する同意";
        SiteSurveyConsent = "SITE_SURVEY_CONSENT", "現地調査に関する同意";
        RefinanceDataConsent = "REFINANCE_DATA_CONSENT", "借換対象ローンの情報取得に関する同意";
    }
}

impl Relation {
    /// Degree of kinship; `None` for a person who is no relative.
    pub const fn degree(self) -> Option<u8> {
        match self {
            Self::Oneself | Self::Spouse => Some(0),
            Self::Parent | Self::Child | Self::ParentInLaw | Self::ChildInLaw => Some(1),
            Self::Grandparent | Self::Grandchild | Self::Sibling | Self::SiblingInLaw => Some(2),
            Self::UncleAunt | Self::NephewNiece => Some(3),
            Self::Cousin => Some(4),
            Self::Unrelated => None,
        }
    }
}

impl FundUseKind {
    /// Whether C-04 forbids this use for all three products.
    pub const fn prohibited(self) -> bool {
        matches!(
            self,
            Self::BusinessFunds
                | Self::Speculation
                | Self::DebtConsolidation
                | Self::RentalProperty
                | Self::RentalCombinedWithResidence
                | Self::SolarPowerForSale
        )
    }
}

impl RateType {
    /// A type with a special term, which carries a discount type (C.3, C.5).
    pub const fn has_special_term(self) -> bool {
        !matches!(self, Self::Variable | Self::FullFixed)
    }
}

impl PartyRole {
    /// A debtor of the whole loan: the applicant or a joint debtor.
    pub const fn is_debtor(self) -> bool {
        matches!(self, Self::Applicant | Self::JointDebtor)
    }

    /// A debtor or a joint guarantor: whoever owes personally.
    pub const fn is_liable(self) -> bool {
        matches!(self, Self::Applicant | Self::JointDebtor | Self::JointGuarantor)
    }
}

impl PropertyKind {
    /// A building or a condominium unit.
    pub const fn is_building(self) -> bool {
        matches!(self, Self::Building | Self::Unit)
    }
}
