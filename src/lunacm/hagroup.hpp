/// The hagroup commands, one function each.
#pragma once

#include "lunacm/session.hpp"

namespace hasim::lunacm {

Result create_group(Surroundings& around, Arguments& arguments);
Result delete_group(Surroundings& around, Arguments& arguments);
Result add_member(Surroundings& around, Arguments& arguments);
Result remove_member(Surroundings& around, Arguments& arguments);
Result add_standby(Surroundings& around, Arguments& arguments);
Result remove_standby(Surroundings& around, Arguments& arguments);
Result list_groups(Surroundings& around, Arguments& arguments);
Result synchronize(Surroundings& around, Arguments& arguments);
Result recover(Surroundings& around, Arguments& arguments);
Result retry(Surroundings& around, Arguments& arguments);
Result interval(Surroundings& around, Arguments& arguments);
Result recovery_mode(Surroundings& around, Arguments& arguments);
Result ha_log(Surroundings& around, Arguments& arguments);
Result ha_only(Surroundings& around, Arguments& arguments);
Result slot_list(Surroundings& around, Arguments& arguments);
Result show_partition(Surroundings& around, Arguments& arguments);

}  // namespace hasim::lunacm
