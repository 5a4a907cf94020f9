# A login without a password, as this is an example.
class SessionsController < ApplicationController
  skip_before_action :log_in

  def new
  end

  def create
    reset_session
    session[:user] = params.require(:user)
    redirect_to "/ready"
  end
end
