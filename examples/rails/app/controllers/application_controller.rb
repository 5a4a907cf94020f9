class ApplicationController < ActionController::Base
  protect_from_forgery with: :exception
  before_action :log_in

  private

  def log_in
    redirect_to new_session_path unless user
  end

  def user
    session[:user]
  end
end
