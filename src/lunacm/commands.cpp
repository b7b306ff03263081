// The one table of lunacm's commands: names, options, help, and what does them.
#include "lunacm/hagroup.hpp"
#include "lunacm/session.hpp"

namespace hasim::lunacm {

namespace {

constexpr OptionSpec kLabel{"label", "l", "label", "what the group is called"};
constexpr OptionSpec kGroup{"group", "g", "label or number", "which group"};
constexpr OptionSpec kSlot{"slot", "s", "slot", "the partition, by its slot"};
constexpr OptionSpec kSerial{"serialnumber", "se", "serial", "the partition, by its serial number"};
constexpr OptionSpec kPassword{"password", "p", "password",
                               "of the partition; asked for without it"};
constexpr OptionSpec kForce{"force", "f", "", "do not ask"};
constexpr OptionSpec kEnable{"enable", "e", "", "switch it on"};
constexpr OptionSpec kDisable{"disable", "d", "", "switch it off"};
constexpr OptionSpec kShow{"show", "sh", "", "say how it is"};

constexpr std::string_view kHa = "hagroup";
constexpr std::string_view kH = "ha";

const std::vector<CommandSpec> kCommands{
    {kHa,
     kH,
     "creategroup",
     "c",
     {kLabel, kSlot, kSerial, kPassword, kForce},
     "makes a group of one partition",
     create_group},
    {kHa, kH, "deletegroup", "d", {kLabel, kForce}, "deletes a group", delete_group},
    {kHa,
     kH,
     "addmember",
     "am",
     {kGroup, kSlot, kSerial, kPassword, kForce},
     "adds a partition to a group",
     add_member},
    {kHa,
     kH,
     "removemember",
     "rm",
     {kGroup, kSlot, kSerial, kPassword, kForce},
     "removes a partition from a group",
     remove_member},
    {kHa,
     kH,
     "addstandby",
     "as",
     {kGroup, kSlot, kSerial},
     "makes a member a standby member",
     add_standby},
    {kHa,
     kH,
     "removestandby",
     "rs",
     {kGroup, kSlot, kSerial},
     "makes a standby member an active one",
     remove_standby},
    {kHa,
     kH,
     "listgroups",
     "l",
     {kGroup, kPassword},
     "lists groups, members and who is alive",
     list_groups},
    {kHa,
     kH,
     "synchronize",
     "s",
     {kGroup, kPassword, kEnable, kDisable},
     "brings all members to the same objects; or switches that on and off",
     synchronize},
    {kHa, kH, "recover", "re", {kGroup}, "asks for the recovery of all dropped members", recover},
    {kHa,
     kH,
     "retry",
     "rt",
     {{"count", "c", "n", "-1 without end, 0 none, at most 500"}},
     "sets the number of recovery attempts",
     retry},
    {kHa,
     kH,
     "interval",
     "i",
     {{"interval", "i", "seconds", "60 to 1200"}},
     "sets the time between recovery attempts",
     interval},
    {kHa,
     kH,
     "recoverymode",
     "rmo",
     {{"mode", "m", "mode", "activeBasic or activeEnhanced"}},
     "sets the recovery mode",
     recovery_mode},
    {kHa,
     kH,
     "halog",
     "hl",
     {kEnable,
      kDisable,
      {"path", "p", "folder", "where haErrorLog.txt is written"},
      {"maxlength", "m", "bytes", "when it is rotated"},
      kShow},
     "sets up the HA log",
     ha_log},
    {kHa,
     kH,
     "haonly",
     "ho",
     {kEnable, kDisable, kShow},
     "shows applications the groups alone, or members too",
     ha_only},
    {"slot", "s", "list", "l", {}, "lists partitions and groups", slot_list},
    {"partition",
     "par",
     "showinfo",
     "si",
     {{"slot", "s", "slot", "which; 0 without it"}},
     "shows a partition or a group",
     show_partition},
};

}  // namespace

const std::vector<CommandSpec>& commands()
{
    return kCommands;
}

}  // namespace hasim::lunacm
