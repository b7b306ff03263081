#include "stories.hpp"

namespace hasim::test {

Story up(std::string title, const ha::GroupConfig& config)
{
    Story story(std::move(title), config);
    story.initialize();
    for (const Serial member : config.group.members) {
        story.reached(member.text());
    }
    for (const Serial member : config.group.standby) {
        story.reached(member.text());
    }
    story.returns(Code::ok);
    return story;
}

Story logged_in(std::string title, const ha::GroupConfig& config)
{
    Story story = up(std::move(title), config);
    story.login();
    for (const Serial member : config.group.members) {
        story.replies(member.text());
    }
    for (const Serial member : config.group.standby) {
        story.replies(member.text());
    }
    story.returns(Code::ok);
    return story;
}

Story dropped(std::string title, const ha::GroupConfig& config)
{
    Story story = logged_in(std::move(title), config);
    story.sign().closed("101").logs("has dropped member: 101").state("101", MemberState::dropped);
    story.replies("102").returns(Code::ok, 1);
    return story;
}

std::vector<Story> good_stories()
{
    std::vector<Story> all;
    for (const auto& stories :
         {stories_of_messages(), stories_of_recovery(), stories_of_groups()}) {
        all.insert(all.end(), stories.begin(), stories.end());
    }
    return all;
}

}  // namespace hasim::test
