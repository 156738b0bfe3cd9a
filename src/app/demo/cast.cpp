#include "app/demo/cast.hpp"

namespace firstline::app::demo {
namespace {

// clang-format off
constexpr DemoOrganization kOrganizations[]{
    {"halden",           "Halden Group",       "halden.example",           false},
    {"halden-logistics", "Halden Logistics",   "logistics.halden.example", false},
    {"fjord-clinics",    "Fjord Clinics",      "fjord-clinics.example",    true},
    {"brask",            "Brask Engineering",  "brask.example",            false},
};
constexpr DemoTeam kTeams[]{
    {"service-desk",   "Service desk",          "Service desk",         1},
    {"onsite-support", "On-site support",       "On-site support",      1},
    {"workplace",      "Workplace",             "Workplace team",       2},
    {"network",        "Network",               "Network team",         2},
    {"applications",   "Applications",          "Applications team",    2},
    {"identity",       "Identity & access",     "Accounts team",        2},
    {"it-security",    "IT security",           "IT security",          2},
    {"platform",       "Platform engineering",  "Platform team",        3},
    {"database",       "Database",              "Database team",        3},
    {"erp-engineering","ERP engineering",       "ERP team",             3},
};
constexpr DemoPerson kPeople[]{
    // The desk
    {"mia-berg",         "Mia Berg",         "halden", "IT", "Oslo, 2nd floor",      "team_lead", "service-desk", true},
    {"jonas-weber",      "Jonas Weber",      "halden", "IT", "Oslo, 2nd floor",      "agent", "service-desk"},
    {"aisha-khan",       "Aisha Khan",       "halden", "IT", "Oslo, 2nd floor",      "agent", "service-desk"},
    {"tomas-novak",      "Tomas Novak",      "halden", "IT", "Gothenburg",           "agent", "service-desk,onsite-support"},
    {"elena-petrova",    "Elena Petrova",    "halden", "IT", "Gothenburg",           "agent", "service-desk"},
    {"karl-lund",        "Karl Lund",        "halden", "IT", "Bergen",               "team_lead", "onsite-support", true},
    {"grace-osei",       "Grace Osei",       "halden", "IT", "Bergen",               "agent", "onsite-support"},
    {"lucas-moreau",     "Lucas Moreau",     "halden", "IT", "Oslo, 3rd floor",      "team_lead", "workplace", true},
    {"hanna-virtanen",   "Hanna Virtanen",   "halden", "IT", "Oslo, 3rd floor",      "agent", "workplace"},
    {"diego-ruiz",       "Diego Ruiz",       "halden", "IT", "Oslo, 3rd floor",      "agent", "workplace"},
    {"ingrid-solberg",   "Ingrid Solberg",   "halden", "IT", "Oslo, 3rd floor",      "team_lead", "network", true},
    {"pavel-kowalski",   "Pavel Kowalski",   "halden", "IT", "Oslo, 3rd floor",      "agent", "network"},
    {"omar-haddad",      "Omar Haddad",      "halden", "IT", "Gothenburg",           "agent", "network"},
    {"sofia-rossi",      "Sofia Rossi",      "halden", "IT", "Oslo, 4th floor",      "team_lead", "applications", true},
    {"ben-carter",       "Ben Carter",       "halden", "IT", "Oslo, 4th floor",      "agent", "applications"},
    {"yuki-tanaka",      "Yuki Tanaka",      "halden", "IT", "Oslo, 4th floor",      "agent", "applications,erp-engineering"},
    {"nadia-rahman",     "Nadia Rahman",     "halden", "IT", "Oslo, 4th floor",      "team_lead", "identity", true},
    {"felix-braun",      "Felix Braun",      "halden", "IT", "Oslo, 4th floor",      "agent", "identity"},
    {"viktor-sandberg",  "Viktor Sandberg",  "halden", "IT", "Oslo, 4th floor",      "team_lead", "it-security", true},
    {"chloe-dubois",     "Chloé Dubois",     "halden", "IT", "Oslo, 4th floor",      "agent", "it-security"},
    {"daniel-okafor",    "Daniel Okafor",    "halden", "IT", "Oslo, data centre",    "team_lead", "platform", true},
    {"lena-schmidt",     "Lena Schmidt",     "halden", "IT", "Oslo, data centre",    "agent", "platform"},
    {"marta-silva",      "Marta Silva",      "halden", "IT", "Oslo, data centre",    "team_lead", "database", true},
    {"henrik-dahl",      "Henrik Dahl",      "halden", "IT", "Oslo, data centre",    "agent", "database"},
    {"paula-jensen",     "Paula Jensen",     "halden", "IT", "Copenhagen",           "team_lead", "erp-engineering", true},
    {"robert-hayes",     "Robert Hayes",     "halden", "IT", "Oslo, 2nd floor",      "incident_manager", ""},
    {"susan-clarke",     "Susan Clarke",     "halden", "IT", "Oslo, 2nd floor",      "problem_manager", ""},
    {"george-miller",    "George Miller",    "halden", "Audit", "Oslo, 5th floor",   "auditor", ""},
    // Those who report
    {"elsa-lindqvist",   "Elsa Lindqvist",   "halden", "Finance", "Oslo, 5th floor", "", ""},
    {"erik-haugen",      "Erik Haugen",      "halden", "Management", "Oslo, 6th floor", "", "", false, true},
    {"maria-fernandez",  "Maria Fernández",  "halden", "Management", "Oslo, 6th floor", "", "", false, true},
    {"oliver-smith",     "Oliver Smith",     "halden", "Finance", "Oslo, 5th floor", "", ""},
    {"freja-nielsen",    "Freja Nielsen",    "halden", "Human resources", "Oslo, 5th floor", "", ""},
    {"anton-berglund",   "Anton Berglund",   "halden", "Sales", "Gothenburg", "", ""},
    {"priya-nair",       "Priya Nair",       "halden", "Sales", "Oslo, 1st floor", "", ""},
    {"julia-becker",     "Julia Becker",     "halden", "Marketing", "Oslo, 1st floor", "", ""},
    {"samuel-eriksen",   "Samuel Eriksen",   "halden", "Legal", "Oslo, 6th floor", "", ""},
    {"nora-strand",      "Nora Strand",      "halden", "Purchasing", "Bergen", "", ""},
    {"peter-holm",       "Peter Holm",       "halden", "Finance", "Oslo, 5th floor", "", ""},
    {"amina-yusuf",      "Amina Yusuf",      "halden", "Human resources", "Oslo, 5th floor", "", ""},
    {"david-cohen",      "David Cohen",      "halden", "Sales", "Copenhagen", "", ""},
    {"laura-bianchi",    "Laura Bianchi",    "halden", "Marketing", "Oslo, 1st floor", "", ""},
    {"magnus-vik",       "Magnus Vik",       "halden-logistics", "Warehouse", "Drammen, hall 2", "", ""},
    {"sara-johansson",   "Sara Johansson",   "halden-logistics", "Dispatch", "Drammen, office", "", ""},
    {"piotr-zielinski",  "Piotr Zieliński",  "halden-logistics", "Warehouse", "Drammen, hall 1", "", ""},
    {"linnea-ek",        "Linnea Ek",        "halden-logistics", "Dispatch", "Gothenburg, terminal", "", ""},
    {"hassan-ali",       "Hassan Ali",       "halden-logistics", "Warehouse", "Gothenburg, terminal", "", ""},
    {"emma-larsen",      "Emma Larsen",      "halden-logistics", "Customs", "Drammen, office", "", ""},
    {"viggo-madsen",     "Viggo Madsen",     "halden-logistics", "Fleet", "Drammen, yard", "", ""},
    {"kristin-aas",      "Kristin Aas",      "halden-logistics", "Management", "Drammen, office", "", "", false, true},
    {"rafael-costa",     "Rafael Costa",     "halden-logistics", "Warehouse", "Drammen, hall 2", "", ""},
    {"signe-moller",     "Signe Møller",     "fjord-clinics", "Reception", "Bergen clinic", "", ""},
    {"thomas-andersen",  "Dr Thomas Andersen", "fjord-clinics", "Cardiology", "Bergen clinic", "", "", false, true},
    {"camille-laurent",  "Camille Laurent",  "fjord-clinics", "Nursing", "Bergen clinic", "", ""},
    {"ida-halvorsen",    "Ida Halvorsen",    "fjord-clinics", "Reception", "Stavanger clinic", "", ""},
    {"jakob-nygaard",    "Jakob Nygaard",    "fjord-clinics", "Laboratory", "Bergen clinic", "", ""},
    {"rebecca-stein",    "Rebecca Stein",    "fjord-clinics", "Radiology", "Stavanger clinic", "", ""},
    {"mohammed-saleh",   "Mohammed Saleh",   "fjord-clinics", "Nursing", "Stavanger clinic", "", ""},
    {"astrid-kvam",      "Astrid Kvam",      "fjord-clinics", "Administration", "Bergen clinic", "", ""},
    {"leo-fischer",      "Leo Fischer",      "brask", "Design", "Trondheim", "", ""},
    {"katja-lehtonen",   "Katja Lehtonen",   "brask", "Design", "Trondheim", "", ""},
    {"marco-ricci",      "Marco Ricci",      "brask", "Projects", "Trondheim", "", ""},
    {"helene-dupont",    "Hélène Dupont",    "brask", "Projects", "Trondheim", "", ""},
    {"simon-wright",     "Simon Wright",     "brask", "Workshop", "Trondheim", "", ""},
    {"birgit-olsen",     "Birgit Olsen",     "brask", "Administration", "Trondheim", "", ""},
    {"arne-skog",        "Arne Skog",        "brask", "Workshop", "Trondheim", "", ""},
    {"yasmin-demir",     "Yasmin Demir",     "brask", "Design", "Trondheim", "", ""},
};
constexpr DemoService kServices[]{
    {"email",       "E-mail and calendar",         "platform",        "service-desk", "high"},
    {"meetings",    "Online meetings and phone",   "network",         "service-desk", "medium"},
    {"sign-in",     "Sign-in and accounts",        "identity",        "service-desk", "critical"},
    {"vpn",         "VPN and remote work",         "network",         "service-desk", "high"},
    {"office-network", "Office network and Wi-Fi", "network",         "service-desk", "high"},
    {"workplace-pc", "Workplace computers",        "workplace",       "service-desk", "medium"},
    {"printing",    "Printing and scanning",       "workplace",       "service-desk", "low"},
    {"file-shares", "File shares",                 "platform",        "service-desk", "high"},
    {"erp",         "ERP",                         "erp-engineering", "applications", "critical"},
    {"crm",         "Customer database",           "applications",    "applications", "medium"},
    {"patient-records", "Patient records",         "applications",    "applications", "critical"},
    {"web-shop",    "Web shop",                    "platform",        "platform",     "critical"},
};
// clang-format on

}  // namespace

std::span<const DemoOrganization> organizations() { return kOrganizations; }
std::span<const DemoTeam> teams() { return kTeams; }
std::span<const DemoPerson> people() { return kPeople; }
std::span<const DemoService> services() { return kServices; }

std::string key_of(std::string_view first_name) {
    for (const DemoPerson& person : kPeople) {
        if (person.key.starts_with(first_name) && person.key.size() > first_name.size() &&
            person.key[first_name.size()] == '-') {
            return std::string(person.key);
        }
    }
    return {};
}

}  // namespace firstline::app::demo
