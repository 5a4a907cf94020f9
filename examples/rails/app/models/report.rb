class Report < ActiveRecord::Base
end
