/// The hagroup commands, one function each.
#pragma once

#include "lunacm/session.hpp"

namespace hasim::lunacm {

Result create_group(Surroundings& around, const Arguments& arguments);
Result delete_group(Surroundings& around, const Arguments& arguments);
Result add_member(Surroundings& around, const Arguments& arguments);
Result remove_member(Surroundings& around, const Arguments& arguments);
Result add_standby(Surroundings& around, const Arguments& arguments);
Result remove_standby(Surroundings& around, const Arguments& arguments);
Result list_groups(Surroundings& around, const Arguments& arguments);
Result synchronize(Surroundings& around, const Arguments& arguments);
Result recover(Surroundings& around, const Arguments& arguments);
Result retry(Surroundings& around, const Arguments& arguments);
Result interval(Surroundings& around, const Arguments& arguments);
Result recovery_mode(Surroundings& around, const Arguments& arguments);
Result ha_log(Surroundings& around, const Arguments& arguments);
Result ha_only(Surroundings& around, const Arguments& arguments);
Result slot_list(Surroundings& around, const Arguments& arguments);
Result show_partition(Surroundings& around, const Arguments& arguments);

}  // namespace hasim::lunacm
