class CreateReports < ActiveRecord::Migration[6.1]
  def change
    create_table :reports do |t|
      t.string :owner, null: false
      t.string :month, null: false
      t.string :state, null: false, default: "waiting"
      t.integer :total
    end
  end
end
